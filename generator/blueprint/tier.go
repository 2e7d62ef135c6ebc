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
