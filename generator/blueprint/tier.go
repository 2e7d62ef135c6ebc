package blueprint

import "fmt"

// Tier is a target group. The zero Tier is none.
type Tier string

// The tiers, by the size of who they are for.
const (
	Small      Tier = "small"
	Medium     Tier = "medium"
	Enterprise Tier = "enterprise"
)

// Profile is a smaller form of a tier. The zero Profile is the tier as it is.
type Profile string

// Single is a platform on one machine.
const Single Profile = "single"

var tierAliases = map[string]Tier{
	"small": Small, "sup": Small,
	"medium": Medium, "mbu": Medium,
	"enterprise": Enterprise, "ent": Enterprise,
}

// ParseTier reads a tier's name or its alias (sup, mbu, ent).
func ParseTier(name string) (Tier, error) {
	if t, ok := tierAliases[name]; ok {
		return t, nil
	}
	return "", fmt.Errorf("tier %q: want small (sup), medium (mbu) or enterprise (ent)", name)
}
