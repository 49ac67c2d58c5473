package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.BeanSerializerBase;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.stream.Stream;

/**
 * Refuses objects of the JDK that are not values, such as threads: Jackson would write the results of their getters, which
 * cannot be read again. Also refuses lambdas and objects whose fields have no getters: Jackson does so by itself, but
 * not if their class or an interface has an annotation, of whatever kind; then it would write an empty object.
 */
final class ValuesOnly {
    /** The end of a sentence that says why a value cannot be JSON. */
    static final String PASS_ON = "; pass on records, lists, maps with texts as keys, numbers or texts";

    private static final String JACKSON = "com.fasterxml.jackson.";

    private ValuesOnly() {}

    static SimpleModule module() {
        return new SimpleModule("cloacina-values") {
            private static final long serialVersionUID = 1L;

            @Override
            public void setupModule(SetupContext context) {
                context.addBeanSerializerModifier(new BeanSerializerModifier() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public JsonSerializer<?> modifySerializer(
                            SerializationConfig config, BeanDescription bean, JsonSerializer<?> serializer) {
                        // Jackson has a serializer of its own for each class that is a value.
                        if (!(serializer instanceof BeanSerializerBase)) {
                            return serializer;
                        }
                        Class<?> type = bean.getBeanClass();
                        if (isOfJdk(type)) {
                            return new Refusing(
                                    "an object of " + type.getName() + " is not a value that can be read again");
                        }
                        boolean losesFields = !serializer.properties().hasNext()
                                && bean.findAnyGetter() == null
                                && config.findMixInClassFor(type) == null
                                && hasContent(type)
                                && !isAnnotatedForJackson(type);
                        return losesFields ? new Refusing(nothingOf(type)) : serializer;
                    }
                });
            }
        };
    }

    static String nothingOf(Class<?> type) {
        return "nothing can be written of " + type.getName() + ", which has no getters";
    }

    /** Errors are allowed, because they are read as errors again. */
    private static boolean isOfJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return (loader == null || loader == ClassLoader.getPlatformClassLoader())
                && !Throwable.class.isAssignableFrom(type);
    }

    private static boolean hasContent(Class<?> type) {
        return type.isHidden() // a lambda
                || type.isSynthetic()
                || superclasses(type)
                        .flatMap(each -> Stream.of(each.getDeclaredFields()))
                        .anyMatch(field -> (field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0);
    }

    /** Its author knows what Jackson writes of it. */
    private static boolean isAnnotatedForJackson(Class<?> type) {
        return superclasses(type)
                .anyMatch(each -> Stream.of(each.getDeclaredAnnotations())
                                .anyMatch(one -> one.annotationType().getName().startsWith(JACKSON))
                        || Stream.of(each.getInterfaces()).anyMatch(ValuesOnly::isAnnotatedForJackson));
    }

    /** The class and those that it extends, without those of the JDK. */
    private static Stream<Class<?>> superclasses(Class<?> type) {
        return Stream.<Class<?>>iterate(type, each -> each != null && !isOfJdk(each), Class::getSuperclass);
    }

    private static final class Refusing extends JsonSerializer<Object> {
        private final String why;

        Refusing(String why) {
            this.why = why;
        }

        @Override
        public void serialize(Object value, JsonGenerator to, SerializerProvider serializers) throws IOException {
            throw JsonMappingException.from(to, why + PASS_ON);
        }

        @Override
        public void serializeWithType(
                Object value, JsonGenerator to, SerializerProvider serializers, TypeSerializer type)
                throws IOException {
            serialize(value, to, serializers);
        }
    }
}
