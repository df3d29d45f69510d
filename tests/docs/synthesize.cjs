'use strict'

// Makes a stack with the construct for each {name: properties} of standard input; prints {name: template or error}.

const { App, Stack } = require('aws-cdk-lib')
const { Countersign } = require('countersign-cdk')

function synthesize(properties) {
  const app = new App({ analyticsReporting: false })
  try {
    new Countersign(new Stack(app, 'Uploads'), 'Countersign', properties)
  } catch (error) {
    return { error: error.message }
  }
  return { template: app.synth({ skipValidation: true }).getStackByName('Uploads').template }
}

const cases = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
console.log(JSON.stringify(Object.fromEntries(Object.entries(cases).map(([name, each]) => [name, synthesize(each)]))))
