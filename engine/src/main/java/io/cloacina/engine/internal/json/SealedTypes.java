package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values of sealed types as JSON: an object names in {@code @type} its class among the permitted ones, by the simple name. A
 * value that is not an object itself, such as an enum, is the {@code value} of such an object. Annotations of Jackson take
 * precedence.
 */
final class SealedTypes {
    static final String PROPERTY = "@type";
    static final String VALUE = "value";

    private SealedTypes() {}

    static SimpleModule module() {
        return new SimpleModule("cloacina-sealed") {
            private static final long serialVersionUID = 1L;

            @Override
            public void setupModule(SetupContext context) {
                context.appendAnnotationIntrospector(new Reading());
                // The values name their types when they are written, also in a list, whose elements have no declared
                // type at run time.
                context.addBeanSerializerModifier(new SealedWriting());
                context.addBeanDeserializerModifier(new SealedReading());
            }
        };
    }

    /** Whether a class is sealed, or is a permitted subtype of a sealed type. */
    static boolean isOfSealed(Class<?> type) {
        return !sealedAbove(type).isEmpty();
    }

    /**
     * Whether objects of a class name their type, because it is part of a sealed type and no annotation of Jackson decides
     * that.
     *
     * @param bean the class
     */
    static boolean saysType(BeanDescription bean) {
        return isOfSealed(bean.getBeanClass()) && !bean.getClassInfo().hasAnnotation(JsonTypeInfo.class);
    }

    /** Whether the JSON of a class is something else than an object of its fields, to which {@code @type} could be added. */
    static boolean isValue(BeanDescription bean) {
        return isEnum(bean.getBeanClass()) || bean.findJsonValueAccessor() != null;
    }

    /** Whether a class is an enum, or the class of an enum constant with a body. */
    static boolean isEnum(Class<?> type) {
        return Enum.class.isAssignableFrom(type) && type != Enum.class;
    }

    /** The enum of a constant with a body; any other class unchanged. */
    private static Class<?> declared(Class<?> type) {
        return isEnum(type) && !type.isEnum() ? type.getSuperclass() : type;
    }

    /**
     * The name of a class in JSON: its simple name, or the full name if another class of the same sealed types has that simple
     * name.
     */
    static String name(Class<?> type) {
        Class<?> named = declared(type);
        String simple = named.getSimpleName();
        for (Class<?> above : sealedAbove(named)) {
            for (Class<?> other : concrete(above)) {
                if (other != named && other.getSimpleName().equals(simple)) {
                    return named.getName();
                }
            }
        }
        return simple;
    }

    /** The concrete classes of a type, itself included; subclasses are known only of sealed types. */
    static Set<Class<?>> concrete(Class<?> type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        addConcrete(type, found);
        return found;
    }

    private static void addConcrete(Class<?> type, Set<Class<?>> found) {
        if (isConcrete(type)) {
            found.add(type);
        }
        if (type.isSealed() && !isEnum(type)) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                addConcrete(permitted, found);
            }
        }
    }

    private static boolean isConcrete(Class<?> type) {
        return isEnum(type) || !Modifier.isAbstract(type.getModifiers());
    }

    /** The sealed types that a class is part of, itself included. */
    private static Set<Class<?>> sealedAbove(Class<?> type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        addSealed(type, found);
        return found;
    }

    private static void addSealed(@Nullable Class<?> type, Set<Class<?>> found) {
        // The JDK has sealed types of its own, to which texts and numbers belong.
        if (type == null || type.getName().startsWith("java.")) {
            return;
        }
        // An enum whose constants have bodies is sealed implicitly; that is not meant as a sealed type.
        if (type.isSealed() && !isEnum(type)) {
            found.add(type);
        }
        addSealed(type.getSuperclass(), found);
        for (Class<?> each : type.getInterfaces()) {
            addSealed(each, found);
        }
    }

    /** Lets Jackson read objects that name their type as that type. */
    private static final class Reading extends NopAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable TypeResolverBuilder<?> findTypeResolver(
                MapperConfig<?> config, AnnotatedClass annotated, JavaType base) {
            Class<?> type = annotated.getRawType();
            if (isEnum(type) || !isOfSealed(type)) {
                return null;
            }
            TypeResolverBuilder<?> resolver = new WithoutWriting()
                    .init(JsonTypeInfo.Id.NAME, null)
                    .inclusion(JsonTypeInfo.As.PROPERTY)
                    .typeProperty(PROPERTY);
            return isConcrete(type) ? resolver.defaultImpl(type) : resolver;
        }

        @Override
        public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
            Class<?> type = annotated.getRawType();
            return isOfSealed(type)
                    ? concrete(type).stream()
                            .map(each -> new NamedType(each, name(each)))
                            .toList()
                    : null;
        }

        @Override
        public @Nullable String findTypeName(AnnotatedClass annotated) {
            Class<?> type = annotated.getRawType();
            return isOfSealed(type) && isConcrete(type) ? name(type) : null;
        }
    }

    private static final class WithoutWriting extends StdTypeResolverBuilder {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable TypeSerializer buildTypeSerializer(
                SerializationConfig config, JavaType base, Collection<NamedType> subtypes) {
            return null;
        }
    }
}
