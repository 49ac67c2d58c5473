package io.cloacina.schema.catalog;

import java.util.Optional;

/**
 * One column of a database.
 *
 * @param type the backend's name of the type
 * @param value what the database itself stores there: a default, an identity, a generated value
 * @param collation the collation, if it is not the backend's default for text
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
