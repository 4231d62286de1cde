package io.veralake.spec;

/**
 * What a configuration folder says, read and checked.
 *
 * @param engine the installation
 * @param model the tables
 */
public record Configured(Engine engine, Model model) {}
