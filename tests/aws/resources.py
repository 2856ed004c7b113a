"""Resources of the template that moto does not know, with the attributes that the template asks of them.

moto finds its models among the subclasses of CloudFormationModel; what these properties make of Redshift, nothing here
can tell: test_template.py asserts them in the template.
"""

from typing import Any

from moto.core.common_models import CloudFormationModel

ARN = "arn:aws:redshift-serverless"


class _Resource:
    name_property = ""

    def __init__(self, name: str, properties: dict[str, Any], account: str, region: str) -> None:
        self.physical_resource_id = properties.get(self.name_property, name)
        self.properties, self.account, self.region = properties, account, region

    @classmethod
    def cloudformation_name_type(cls) -> str:
        return cls.name_property

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> "_Resource":
        return cls(resource_name, cloudformation_json["Properties"], account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(
        cls, new_resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> "_Resource":
        return cls(new_resource_name, cloudformation_json["Properties"], account_id, region_name)

    @classmethod
    def delete_from_cloudformation_json(cls, *_: Any, **__: Any) -> None: ...

    @classmethod
    def has_cfn_attr(cls, _: str) -> bool:
        return True


class Namespace(_Resource, CloudFormationModel):
    name_property = "NamespaceName"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::RedshiftServerless::Namespace"


class Workgroup(_Resource, CloudFormationModel):
    name_property = "WorkgroupName"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::RedshiftServerless::Workgroup"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        host = f"{self.physical_resource_id}.{self.account}.{self.region}.redshift-serverless.amazonaws.com"
        return {
            "Workgroup.WorkgroupArn": f"{ARN}:{self.region}:{self.account}:workgroup/5f0c",
            "Workgroup.Endpoint.Address": host,
        }[attribute_name]


class Association(_Resource, CloudFormationModel):
    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::EKS::PodIdentityAssociation"


class BucketPolicy(_Resource, CloudFormationModel):
    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::S3::BucketPolicy"
