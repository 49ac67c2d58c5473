/** A program whose engine and workflows are beans of CDI. */
@NullMarked
package com.example.shop;

import org.jspecify.annotations.NullMarked;
