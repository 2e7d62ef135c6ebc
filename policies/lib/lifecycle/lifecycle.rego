# METADATA
# title: Who looks after an object
# description: Tells objects that something starts anew and removes from those that stand for themselves.
package lib.lifecycle

# is_managed says whether an object belongs to another one, or is a hook of Argo CD or Helm.
is_managed(thing) if {
	is_array(thing.metadata.ownerReferences)
	count(thing.metadata.ownerReferences) > 0
}

is_managed(thing) if {
	some hook in ["argocd.argoproj.io/hook", "helm.sh/hook"]
	regex.match(`\S`, thing.metadata.annotations[hook])
}
