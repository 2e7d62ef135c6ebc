# METADATA
# title: Where pods stand in kinds of the repository's own
# description: >-
#   The rows of lint.pods in gitopsgen.yaml, in the form of those of lib.pods: the program puts them in the place of this
#   file.
package lib.own_pods

# rows are the rows of a kind, of which there may be several.
rows := {}
