'use strict'

// The construct is template.yaml itself: make.py puts it beside this file as template.json, with SAM's own resources
// written out. So there is nothing here that could differ from what `sam deploy` makes.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { Names, Token, Tokenization } = require('aws-cdk-lib')
const { CfnInclude } = require('aws-cdk-lib/cloudformation-include')
const { PolicyDocument, Role } = require('aws-cdk-lib/aws-iam')
const { Key } = require('aws-cdk-lib/aws-kms')
const { Function } = require('aws-cdk-lib/aws-lambda')
const { Bucket } = require('aws-cdk-lib/aws-s3')
const { Asset } = require('aws-cdk-lib/aws-s3-assets')
const { Construct } = require('constructs')
const { Evaluation } = require('./evaluation')
const { broken, propertyOf, read } = require('./parameters')

const template = JSON.parse(fs.readFileSync(path.join(__dirname, 'template.json'), 'utf8'))

class Countersign extends Construct {
  constructor(scope, id, { zip, ...properties } = {}) {
    super(scope, id)
    const { values, problems } = read(template, properties)
    const wrong = problems.concat(broken(template, new Evaluation(template, values)))
    if (wrong.length) throw new Error([`${this.node.path}:`, ...wrong].join('\n  '))

    const asset = new Asset(this, 'Zip', { path: zip ?? path.join(__dirname, `countersign-${values.Architecture}.zip`) })
    const made = include(this, new Evaluation(template, {
      ...values,
      ZipBucket: asset.s3BucketName,
      ZipKey: asset.s3ObjectKey,
      // What is named after the stack is named after the construct, of which a stack may have more than one.
      'AWS::StackName': Names.uniqueResourceName(this, { maxLength: 64, separator: '-' }),
    }))
    for (const name of Object.keys(template.Outputs)) this[propertyOf(name)] = made.outputs[name]
    this.resources = made.resources
    this.role = Role.fromRoleName(this, 'Role', this.resources.UploadRole.ref)
    this.function = Function.fromFunctionAttributes(this, 'Function', {
      functionArn: this.resources.UploadFunction.attrArn,
      role: this.role,
      sameEnvironment: true,
    })
    this.bucket = this.resources.UploadBucket
      ? ownBucket(this.resources, values.UploadSseKmsKey && Key.fromKeyArn(this, 'Key', values.UploadSseKmsKey))
      : Bucket.fromBucketName(this, 'Bucket', values.BucketName)
  }
}

/** What the template makes, as the CDK's own classes. CfnInclude reads a file, in which a token is a text as any other. */
function include(scope, evaluation) {
  const there = parts => Object.entries(parts).filter(([, part]) => evaluation.has(part))
  const Resources = Object.fromEntries(there(template.Resources).map(([name, { Condition, ...rest }]) => [name, evaluation.of(rest)]))
  const Outputs = Object.fromEntries(there(template.Outputs).map(([name, { Condition, ...rest }]) => [name, evaluation.of(rest)]))
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-'))
  const templateFile = path.join(folder, 'template.json')
  try {
    fs.writeFileSync(templateFile, JSON.stringify({ Resources, Outputs }), { mode: 0o600 })
    const included = new CfnInclude(scope, 'Template', { templateFile, preserveLogicalIds: false })
    const all = (parts, get) => Object.fromEntries(Object.keys(parts).map(name => [name, get(name)]))
    return {
      resources: all(Resources, name => included.getResource(name)),
      outputs: all(Outputs, name => included.getOutput(name).value),
    }
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

/**
 * The CDK's bucket, which adds to the template's policy: a bucket has one alone, and a second would take its place. By the
 * key it knows what else has to be granted. It would look for the key itself, and fails where that is of the same stack.
 */
function ownBucket({ UploadBucket, UploadBucketPolicy }, encryptionKey) {
  const { bucketEncryption } = UploadBucket
  UploadBucket.bucketEncryption = undefined
  const bucket = Bucket.fromCfnBucket(UploadBucket)
  UploadBucket.bucketEncryption = bucketEncryption
  if (encryptionKey) bucket.encryptionKey = encryptionKey
  const document = PolicyDocument.fromJson(withTexts(UploadBucketPolicy.policyDocument))
  UploadBucketPolicy.policyDocument = document
  bucket.policy = Object.assign(UploadBucketPolicy, { document })
  return bucket
}

/** With each reference as a text, as the policies of the CDK want them. */
function withTexts(part) {
  if (part === null || typeof part !== 'object') return part
  if (Tokenization.isResolvable(part)) return Token.asString(part)
  if (Array.isArray(part)) return part.map(withTexts)
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, withTexts(value)]))
}

module.exports = { Countersign }
