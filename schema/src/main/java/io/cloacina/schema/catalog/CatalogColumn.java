package io.cloacina.schema.catalog;

import java.util.Optional;

/**
 * One column as a database has it.
 *
 * @param type the backend's own name of the type
 * @param value what the database puts there itself: a default, an identity, a generated value
 * @param collation the collation, where text is ordered by one that is not the backend's usual
 */
record CatalogColumn(String type, boolean nullable, Optional<String> value, Optional<String> collation) {
    String nullability() {
        return nullable ? "nullable" : "NOT NULL";
    }

    String valueText() {
        return value.orElse("no default");
    }

    String collationText() {
        return "collation " + collation.orElse("default");
    }

    @Override
    public String toString() {
        return type + ", " + nullability() + ", " + valueText() + ", " + collationText();
    }
}
