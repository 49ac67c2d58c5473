package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Explains why a value cannot be read as a type, for readers who do not know Jackson. */
final class WrongType {
    private WrongType() {}

    /**
     * Such as {@code it is the number 42, not a Boolean}; for a part of the value:
     * {@code its 'items[3].price' is the text 'a', not …}.
     */
    static String why(JsonNode value, Type wanted, Throwable error) {
        List<JsonMappingException.Reference> path =
                error instanceof JsonMappingException at ? at.getPath() : List.<JsonMappingException.Reference>of();
        String where = KeyPath.of(path);
        String subject = where.isEmpty() ? "it" : "its '" + (where.startsWith(".") ? where.substring(1) : where) + "'";
        if (error instanceof UnrecognizedPropertyException unknown) {
            return subject + " is unknown to " + name(unknown.getReferringClass());
        }
        if (error instanceof InvalidTypeIdException unknown) {
            return subject
                    + (unknown.getTypeId() == null
                            ? " has no '@type' that names which "
                                    + name(unknown.getBaseType().getRawClass()) + " it is"
                            : " has the '@type' '" + ErrorText.shown(unknown.getTypeId()) + "', which is not "
                                    + one(unknown.getBaseType().getRawClass()));
        }
        if (error instanceof InvalidDefinitionException unknown) {
            return "Jackson cannot create "
                    + (unknown.getType() == null ? "it" : one(unknown.getType().getRawClass()))
                    + " from JSON: request a record, a map or another class";
        }
        if (error instanceof InvalidFormatException of && ErrorText.message(of).contains(" Map key ")) {
            return subject + " has the key '" + ErrorText.shown(String.valueOf(of.getValue())) + "', which is not "
                    + one(of.getTargetType());
        }
        if (error.getCause() instanceof InputCoercionException narrow) {
            return subject + " is " + described(at(value, path)) + ", not " + one(narrow.getTargetType());
        }
        String said = ErrorText.message(error);
        if (error instanceof MismatchedInputException && !said.isEmpty() && Character.isLowerCase(said.charAt(0))) {
            return where.isEmpty() ? said : subject + ": " + said; // a deserializer of this package describes it better
        }
        if (error instanceof MismatchedInputException || error instanceof InputCoercionException) {
            return subject + " is " + described(at(value, path)) + ", not " + one(target(error, path, wanted));
        }
        // For example the message of a constructor.
        Throwable cause = error instanceof JsonProcessingException ? error.getCause() : null;
        return subject + ": " + (cause == null ? said : ErrorText.message(cause));
    }

    private static Type target(Throwable error, List<?> path, Type wanted) {
        Class<?> target = error instanceof MismatchedInputException mismatch
                ? mismatch.getTargetType()
                : error instanceof InputCoercionException narrow ? narrow.getTargetType() : null;
        boolean isGeneric = path.isEmpty() && !(wanted instanceof Class<?>);
        return target == null || isGeneric ? wanted : target;
    }

    private static @Nullable JsonNode at(JsonNode value, List<JsonMappingException.Reference> path) {
        JsonNode found = value;
        for (JsonMappingException.Reference each : path) {
            String field = each.getFieldName();
            JsonNode next = field == null ? found.get(each.getIndex()) : found.get(field);
            if (next == null) {
                return null;
            }
            found = next;
        }
        return found;
    }

    private static String described(@Nullable JsonNode value) {
        return value == null ? "absent" : ErrorText.described(value);
    }

    private static String one(Type type) {
        String name = name(type);
        return ("AEIOUaeiou".indexOf(name.charAt(0)) < 0 ? "a " : "an ") + name;
    }

    /** The name of a type as it is written in source code. */
    static String name(Type type) {
        if (type instanceof Class<?> plain) {
            // A constant of an enum may have an anonymous class of its own.
            Class<?> named =
                    Enum.class.isAssignableFrom(plain) && plain.isAnonymousClass() ? plain.getSuperclass() : plain;
            return named.getSimpleName().isEmpty() ? named.getName() : named.getSimpleName();
        }
        if (type instanceof ParameterizedType of) {
            return name(of.getRawType())
                    + Stream.of(of.getActualTypeArguments())
                            .map(WrongType::name)
                            .collect(Collectors.joining(", ", "<", ">"));
        }
        return type.getTypeName();
    }
}
