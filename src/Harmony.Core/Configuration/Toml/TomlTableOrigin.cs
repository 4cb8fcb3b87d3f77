namespace Harmony.Core.Configuration.Toml;

/// <summary>What made a table, which decides who may still add to it.</summary>
internal enum TomlTableOrigin
{
    /// <summary>Named on the way to another table: <c>a</c> in <c>[a.b]</c>. Its own header may follow, or dotted keys, but not both.</summary>
    Implied,

    /// <summary>Has its header. Closed to dotted keys from elsewhere and to a second header.</summary>
    Header,

    /// <summary>Made by a dotted key: <c>a</c> in <c>a.b = 1</c>. Open to dotted keys of the same section, closed to a header.</summary>
    DottedKey,

    /// <summary>Written as <c>{ … }</c>. Complete.</summary>
    Inline,
}
