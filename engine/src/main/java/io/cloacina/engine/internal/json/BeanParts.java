package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.deser.BeanDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Makes visible what the deserializer of a record or a bean shows only to its subclasses. Reads nothing. */
final class BeanParts extends BeanDeserializer {
    private static final long serialVersionUID = 1L;

    BeanParts(BeanDeserializerBase of) {
        super(of);
    }

    /** Whether it reads nothing but objects with its fields. */
    boolean isPlain() {
        return _objectIdReader == null
                && _unwrappedPropertyHandler == null
                && _externalTypeIdHandler == null
                && _injectables == null
                && !_beanProperties.isCaseInsensitive()
                && !isMadeOtherwise(_valueInstantiator);
    }

    /** Whether a value can be created from JSON that Jackson would not expect for such a type. */
    static boolean isMadeOtherwise(ValueInstantiator instantiator) {
        return instantiator.canCreateFromString()
                || instantiator.canCreateFromInt()
                || instantiator.canCreateFromLong()
                || instantiator.canCreateFromBigInteger()
                || instantiator.canCreateFromDouble()
                || instantiator.canCreateFromBigDecimal()
                || instantiator.canCreateFromBoolean()
                || instantiator.canCreateUsingDelegate()
                || instantiator.canCreateUsingArrayDelegate();
    }

    List<SettableBeanProperty> fields() {
        return List.of(_beanProperties.getPropertiesInInsertionOrder());
    }

    /** The names of the fields that are passed to the constructor. */
    Set<String> ofConstructor() {
        Set<String> names = new HashSet<>();
        for (Iterator<SettableBeanProperty> each = creatorProperties(); each.hasNext(); ) {
            names.add(each.next().getName());
        }
        return names;
    }

    Set<String> ignored() {
        return _ignorableProps == null ? Set.of() : Set.copyOf(_ignorableProps);
    }

    /** Whether unknown fields are accepted, read or ignored. */
    boolean isOpen(DeserializationConfig config) {
        return _ignoreAllUnknown
                || _anySetter != null
                || _includableProps != null
                || !config.isEnabled(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }
}
