namespace Harmony.Jmix;

/// <summary>What is wrong with a package that could not be read, unpacked or built.</summary>
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

/// <summary>A package cannot be read, unpacked or built. The message says which part, and what was expected.</summary>
public sealed class JmixException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="message">Which part is wrong and what was expected.</param>
    /// <param name="inner">The cause, if another exception was.</param>
    public JmixException(JmixFault fault, string message, Exception? inner = null)
        : base(message, inner)
        => Fault = fault;

    /// <summary>What is wrong.</summary>
    public JmixFault Fault { get; }
}
