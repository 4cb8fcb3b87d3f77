namespace Harmony.Jmix;

/// <summary>The kind of fault for which a package cannot be read, unpacked or built.</summary>
public enum JmixFault
{
    /// <summary>The archive or one of its JSON documents cannot be read.</summary>
    Malformed,

    /// <summary>The package lacks a part that the specification demands, such as <c>manifest.json</c>.</summary>
    Incomplete,

    /// <summary>An entry would be written outside the target folder, or its name is not one that every file system can hold.</summary>
    UnsafeName,

    /// <summary>An entry is a link, a device or another kind that no package needs.</summary>
    UnsafeEntry,

    /// <summary>Two entries have the same name, or names that differ in case only.</summary>
    DuplicateName,

    /// <summary>The package, an entry, or the number of entries goes over a limit.</summary>
    TooLarge,

    /// <summary>An entry's content does not fit the size or the checksum that the archive states.</summary>
    LyingArchive,

    /// <summary>The payload cannot be decrypted with the key that was given.</summary>
    WrongKey,

    /// <summary>A key has the wrong length or form.</summary>
    BadKey,
}

/// <summary>A package cannot be read, unpacked or built. The message names the part at fault and the expected content.</summary>
public sealed class JmixException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="fault">The kind of fault.</param>
    /// <param name="message">The part at fault and the expected content.</param>
    /// <param name="inner">The exception that is the cause; null for none.</param>
    public JmixException(JmixFault fault, string message, Exception? inner = null)
        : base(message, inner)
        => Fault = fault;

    /// <summary>The kind of fault.</summary>
    public JmixFault Fault { get; }
}
