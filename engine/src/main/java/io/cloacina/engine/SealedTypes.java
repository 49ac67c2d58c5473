package io.cloacina.engine;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.introspect.VirtualAnnotatedMember;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.VirtualBeanPropertyWriter;
import com.fasterxml.jackson.databind.util.Annotations;
import com.fasterxml.jackson.databind.util.SimpleBeanPropertyDefinition;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values of sealed types as JSON: an object says in {@code @type} by its simple name which of the permitted classes it is. The
 * annotations of Jackson, where there are some, come before this.
 */
final class SealedTypes {
    private static final String PROPERTY = "@type";

    private SealedTypes() {}

    static SimpleModule module() {
        return new SimpleModule("cloacina-sealed") {
            private static final long serialVersionUID = 1L;

            @Override
            public void setupModule(SetupContext context) {
                context.appendAnnotationIntrospector(new Reading());
                // What is written says it also in a list, whose elements have no declared type at run time.
                context.addBeanSerializerModifier(new Writing());
            }
        };
    }

    /** The sealed types that a class is of, itself included. */
    private static boolean isOfSealed(@Nullable Class<?> type) {
        if (type == null || type == Object.class) {
            return false;
        }
        if (type.isSealed() || isOfSealed(type.getSuperclass())) {
            return true;
        }
        for (Class<?> each : type.getInterfaces()) {
            if (isOfSealed(each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isConcrete(Class<?> type) {
        return !Modifier.isAbstract(type.getModifiers());
    }

    private static void addConcrete(Class<?> type, Set<Class<?>> found) {
        if (isConcrete(type)) {
            found.add(type);
        }
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                addConcrete(permitted, found);
            }
        }
    }

    private static final class Reading extends NopAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable TypeResolverBuilder<?> findTypeResolver(
                MapperConfig<?> config, AnnotatedClass annotated, JavaType base) {
            Class<?> type = annotated.getRawType();
            if (!isOfSealed(type) || type.isEnum()) {
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
            if (!isOfSealed(type)) {
                return null;
            }
            Set<Class<?>> concrete = new LinkedHashSet<>();
            addConcrete(type, concrete);
            return concrete.stream()
                    .map(each -> new NamedType(each, each.getSimpleName()))
                    .toList();
        }

        @Override
        public @Nullable String findTypeName(AnnotatedClass annotated) {
            Class<?> type = annotated.getRawType();
            return isOfSealed(type) && isConcrete(type) ? type.getSimpleName() : null;
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

    private static final class Writing extends BeanSerializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public List<BeanPropertyWriter> changeProperties(
                SerializationConfig config, BeanDescription bean, List<BeanPropertyWriter> properties) {
            Class<?> type = bean.getBeanClass();
            if (!isOfSealed(type)
                    || config.getAnnotationIntrospector().findPolymorphicTypeInfo(config, bean.getClassInfo())
                            != null) {
                return properties;
            }
            List<BeanPropertyWriter> all = new ArrayList<>(properties.size() + 1);
            all.add(TypeName.of(config, bean));
            all.addAll(properties);
            return all;
        }
    }

    /** The property that an object of a sealed type has besides its own. */
    private static final class TypeName extends VirtualBeanPropertyWriter {
        private static final long serialVersionUID = 1L;

        private final String name;

        private TypeName(String name, SimpleBeanPropertyDefinition definition, Annotations annotations, JavaType type) {
            super(definition, annotations, type);
            this.name = name;
        }

        static TypeName of(SerializationConfig config, BeanDescription bean) {
            JavaType text = config.constructType(String.class);
            SimpleBeanPropertyDefinition definition = SimpleBeanPropertyDefinition.construct(
                    config,
                    new VirtualAnnotatedMember(bean.getClassInfo(), bean.getBeanClass(), PROPERTY, text),
                    PropertyName.construct(PROPERTY));
            return new TypeName(bean.getBeanClass().getSimpleName(), definition, bean.getClassAnnotations(), text);
        }

        @Override
        protected Object value(Object bean, JsonGenerator to, SerializerProvider serializers) {
            return name;
        }

        @Override
        public VirtualBeanPropertyWriter withConfig(
                MapperConfig<?> config,
                AnnotatedClass declaringClass,
                com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition definition,
                JavaType type) {
            throw new IllegalStateException("only what an annotation adds is configured");
        }
    }
}
