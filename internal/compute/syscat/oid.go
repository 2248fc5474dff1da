package syscat

import (
	"context"
	"errors"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// firstOID is the least number of a thing that users make, as in PostgreSQL.
const firstOID = 16384

// lastOID keeps numbers positive in clients that read them as 32-bit integers.
const lastOID = 1<<31 - 1

// numbers gives every name of a kind its number, the same for ever. Names are
// added to the register the first time that they are seen.
func (s *Service) numbers(ctx context.Context, wanted []string) (map[string]int64, error) {
	out, missing := s.remembered(wanted)
	if len(missing) == 0 {
		return out, nil
	}
	found := map[string]int64{}
	err := s.needs.Meta.Update(ctx, func(tx *meta.Tx) error {
		clear(found)
		next := int64(firstOID)
		if _, err := tx.Get([]any{&next}, "SELECT COALESCE(MAX(oid), ?) FROM syscat_oid", firstOID-1); err != nil {
			return err
		}
		for _, key := range missing {
			kind, name := key[:1], key[1:]
			var oid int64
			known, err := tx.Get([]any{&oid}, "SELECT oid FROM syscat_oid WHERE kind = ? AND name = ?", kind, name)
			if err != nil {
				return err
			}
			if !known {
				next++
				if oid = next; oid > lastOID {
					return errors.New("syscat: the register of numbers is full")
				}
				if _, err := tx.Exec("INSERT INTO syscat_oid (kind, name, oid) VALUES (?, ?, ?)", kind, name, oid); err != nil {
					return err
				}
			}
			found[key] = oid
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.mu.oids) > rememberedMax {
		clear(s.mu.oids)
	}
	for key, oid := range found {
		out[key], s.mu.oids[key] = oid, oid
	}
	return out, nil
}

// rememberedMax bounds the numbers kept in memory, about 100 bytes each.
const rememberedMax = 500_000

func (s *Service) remembered(wanted []string) (out map[string]int64, missing []string) {
	out = make(map[string]int64, len(wanted))
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range wanted {
		if oid, ok := s.mu.oids[key]; ok {
			out[key] = oid
		} else {
			missing = append(missing, key)
		}
	}
	return out, missing
}

// The kinds of the register: the first byte of a key.
const (
	kindSchema = "n"
	kindTable  = "c"
	kindRow    = "t" // the row type of a table
	kindRole   = "a"
)

func schemaKey(database string) string     { return kindSchema + database }
func tableKey(database, t string) string   { return kindTable + database + "." + t }
func rowTypeKey(database, t string) string { return kindRow + database + "." + t }
