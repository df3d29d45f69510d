'use strict'

// What a CloudFormation template makes of its parameters, as far as that is known before a stack is there: conditions
// are decided, and what refers to resources stays as it is. Values may be CDK tokens, which are never looked into.

const { Token } = require('aws-cdk-lib')

const NOTHING = Symbol('AWS::NoValue')

class Evaluation {
  constructor(template, values) {
    this.conditions = template.Conditions
    this.values = { ...values, 'AWS::NoValue': NOTHING }
  }

  of(part) {
    if (Array.isArray(part)) return part.map(each => this.of(each)).filter(each => each !== NOTHING)
    if (part === null || typeof part !== 'object') return part
    const [[name, argument], ...more] = Object.entries(part).concat([[]])
    if (more.length === 1 && name in FUNCTIONS) return FUNCTIONS[name](this, argument)
    const pairs = Object.entries(part).map(([key, value]) => [key, this.of(value)])
    return Object.fromEntries(pairs.filter(([, value]) => value !== NOTHING))
  }

  condition(name) {
    return this.of(this.conditions[name])
  }

  /** A template's part that is there only on a condition. */
  has(part) {
    return part.Condition === undefined || this.condition(part.Condition)
  }
}

const known = value => value !== null && typeof value !== 'object' && !Token.isUnresolved(value)

// In the place of Fn::Sub, which would take a token's own form for a reference.
function sub(evaluation, argument) {
  const [text, extra] = Array.isArray(argument) ? argument : [argument, {}]
  const values = { ...evaluation.values, ...evaluation.of(extra) }
  const parts = text.split(/\$\{([A-Za-z0-9:.]+)\}/).map((part, index) => {
    if (index % 2 === 0) return part
    if (part in values) return typeof values[part] === 'object' ? values[part] : String(values[part])
    const [resource, ...attribute] = part.split('.')
    return attribute.length ? { 'Fn::GetAtt': [resource, attribute.join('.')] } : { Ref: part }
  })
  return parts.every(part => typeof part === 'string') ? parts.join('') : { 'Fn::Join': ['', parts.filter(part => part !== '')] }
}

function split(evaluation, [separator, argument]) {
  const text = evaluation.of(argument)
  return known(text) ? String(text).split(separator) : { 'Fn::Split': [separator, text] }
}

function select(evaluation, [index, argument]) {
  const list = evaluation.of(argument)
  return Array.isArray(list) ? list[index] : { 'Fn::Select': [index, list] }
}

const FUNCTIONS = {
  Ref: (evaluation, name) => (name in evaluation.values ? evaluation.values[name] : { Ref: name }),
  Condition: (evaluation, name) => evaluation.condition(name),
  'Fn::If': (evaluation, [condition, yes, no]) => evaluation.of(evaluation.condition(condition) ? yes : no),
  'Fn::Equals': (evaluation, pair) => String(evaluation.of(pair[0])) === String(evaluation.of(pair[1])),
  'Fn::Contains': (evaluation, [values, value]) => evaluation.of(values).includes(evaluation.of(value)),
  'Fn::Not': (evaluation, [argument]) => !evaluation.of(argument),
  'Fn::And': (evaluation, all) => all.every(each => evaluation.of(each)),
  'Fn::Or': (evaluation, all) => all.some(each => evaluation.of(each)),
  'Fn::Sub': sub,
  'Fn::Split': split,
  'Fn::Select': select,
}

module.exports = { Evaluation }
