# METADATA
# title: Who looks after an object
# description: Tells objects that something starts anew and removes from those that stand for themselves.
package lib.lifecycle

# is_managed says whether an object belongs to another one, or is a hook of Argo CD or Helm.
is_managed(object) if {
	is_array(object.metadata.ownerReferences)
	count(object.metadata.ownerReferences) > 0
}

is_managed(object) if {
	some hook in ["argocd.argoproj.io/hook", "helm.sh/hook"]
	regex.match(`\S`, object.metadata.annotations[hook])
}
