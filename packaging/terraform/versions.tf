terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.62" # the first with aws_guardduty_malware_protection_plan and all else that is here
    }
    random = {
      source  = "hashicorp/random"
      version = ">= 3.5"
    }
  }
}
