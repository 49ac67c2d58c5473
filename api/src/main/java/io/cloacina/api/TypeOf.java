package io.cloacina.api;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/**
 * A type with its type arguments, which a {@code Class} cannot express: {@code new TypeOf<List<Order>>() {}}.
 * Immutable, thread safe.
 */
@SuppressWarnings("unused") // the parameter is read from the class file of the subclass
public abstract class TypeOf<T> {
    private final Type type;

    /**
     * Reads the argument that the subclass was declared with.
     *
     * @throws CloacinaException if it was declared with none
     */
    protected TypeOf() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType declared)) {
            throw Arguments.invalid("give the type argument, as in new TypeOf<List<Order>>() {}");
        }
        this.type = declared.getActualTypeArguments()[0];
    }

    /** The type. */
    public final Type type() {
        return type;
    }

    /** As Java writes it. */
    @Override
    public final String toString() {
        return type.getTypeName();
    }
}
