package size

import "github.com/gitopsgen/gitopsgen/generator/manifest"

// Cluster is what is asked for on a cluster.
type Cluster struct {
	Name string
	// Machines counts those that take any pod; 0 where nobody said how many there are.
	Machines int
	// Platform is what the platform asks for, Own what else does that the repository brings.
	Platform, Own Platform
	// Unrendered are Applications that are not counted because it is not known what they render to, and Unread custom
	// resources of whose pods it is not known what they ask for. Both are sorted.
	Unrendered []string
	Unread     []manifest.ID
}

// Share is the part of each machine: what stands on every one, and the rest divided. It is zero where nobody said how many
// there are.
func (c Cluster) Share() Size {
	if c.Machines == 0 {
		return Size{}
	}
	return c.Platform.On(c.Machines).Times(1 / float64(c.Machines))
}
