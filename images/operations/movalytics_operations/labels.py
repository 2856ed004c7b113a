"""Labels and annotations by which the API's objects are known: Argo's and the Spark Operator's."""

NODE_ID = "workflows.argoproj.io/node-id"
RUN = "workflows.argoproj.io/workflow"
APPLICATION = "sparkoperator.k8s.io/app-name"
DESCRIPTION = "workflows.argoproj.io/description"
