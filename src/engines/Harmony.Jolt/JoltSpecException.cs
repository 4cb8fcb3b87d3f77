namespace Harmony.Jolt;

/// <summary>A spec cannot be compiled. <see cref="Errors"/> holds everything that is wrong with it, not just the first.</summary>
public sealed class JoltSpecException : Exception
{
    /// <summary>A failure without details.</summary>
    public JoltSpecException()
    {
    }

    /// <summary>A failure with its reason.</summary>
    public JoltSpecException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with its reason and cause.</summary>
    public JoltSpecException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A failure with everything that is wrong.</summary>
    public JoltSpecException(IReadOnlyList<JoltSpecError> errors)
        : base(string.Join(Environment.NewLine, errors)) => Errors = errors;

    /// <summary>What is wrong, in the order of the file.</summary>
    public IReadOnlyList<JoltSpecError> Errors { get; } = [];
}
