namespace Harmony.Core.Configuration.Reference;

/// <summary>What a key of a configuration may hold.</summary>
public enum ValueKind
{
    /// <summary>A string.</summary>
    String,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>A number with or without a fraction.</summary>
    Float,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An array, all of whose entries have one shape.</summary>
    Array,

    /// <summary>A table whose keys are known.</summary>
    Table,

    /// <summary>A table whose keys are names the user chooses and whose values have one shape.</summary>
    Map,

    /// <summary>A table whose keys depend on something else, such as the options of a service.</summary>
    OpenTable,

    /// <summary>One of several shapes.</summary>
    OneOf,

    /// <summary>Any value.</summary>
    Anything,
}
