'use strict'

// The template's parameters as a construct's properties: UploadMaxBytes is uploadMaxBytes.

const { Token } = require('aws-cdk-lib')

const propertyOf = parameter => parameter[0].toLowerCase() + parameter.slice(1)

/** The template's words, with its parameters named as the properties are. */
function inProperties(template, words) {
  return words.replace(/\w+/g, word => (word in template.Parameters ? propertyOf(word) : word))
}

/** As CloudFormation has it, which knows texts and numbers alone. */
function plain(value, { AllowedValues: allowed = [] }) {
  if (typeof value === 'boolean') {
    const [yes, no] = allowed.includes('yes') ? ['yes', ''] : ['on', 'off']
    return value ? yes : no
  }
  if (Token.isUnresolved(value)) return value
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function problem(value, limits) {
  if (limits.AllowedValues && !limits.AllowedValues.map(String).includes(value)) {
    return `must be one of ${limits.AllowedValues.map(each => `'${each}'`).join(', ')}`
  }
  if (limits.AllowedPattern && !new RegExp(limits.AllowedPattern).test(value)) return limits.ConstraintDescription
  if (limits.MaxLength && value.length > limits.MaxLength) return `must have ${limits.MaxLength} characters at most`
  if (limits.Type !== 'Number') return undefined
  if (!/^-?[0-9]+$/.test(value)) return 'must be a whole number'
  if (value < limits.MinValue) return `must be ${limits.MinValue} or more`
  return value > limits.MaxValue ? `must be ${limits.MaxValue} or less` : undefined
}

/** The value of each parameter, and what is wrong with those. */
function read(template, properties) {
  const values = {}
  const problems = []
  const unknown = new Set(Object.keys(properties))
  for (const [name, limits] of Object.entries(template.Parameters)) {
    const property = propertyOf(name)
    unknown.delete(property)
    values[name] = plain(properties[property] ?? limits.Default, limits)
    const wrong = Token.isUnresolved(values[name]) ? undefined : problem(values[name], limits)
    if (wrong) problems.push(`${property} ${wrong}`)
  }
  for (const property of unknown) problems.push(`there is no property ${property}`)
  return { values, problems }
}

/** What the template's rules say of parameters that don't go together. */
function broken(template, evaluation) {
  return Object.values(template.Rules)
    .filter(rule => !rule.RuleCondition || evaluation.of(rule.RuleCondition))
    .flatMap(rule => rule.Assertions)
    .filter(assertion => !evaluation.of(assertion.Assert))
    .map(assertion => inProperties(template, assertion.AssertDescription))
}

module.exports = { read, broken, propertyOf }
