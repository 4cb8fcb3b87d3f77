namespace Harmony.Jolt;

/// <summary>A document could not be transformed: it is not JSON, nests too deep, or the result would grow beyond the limits.</summary>
/// <remarks>The message never repeats values of the document, which may be patient data.</remarks>
public sealed class JoltException : Exception
{
    /// <summary>A failure without further words.</summary>
    public JoltException()
    {
    }

    /// <summary>A failure with its reason.</summary>
    public JoltException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with its reason and cause.</summary>
    public JoltException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

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

/// <summary>An error in a spec, described so that its author can correct it.</summary>
/// <param name="File">The file as the caller named it.</param>
/// <param name="OperationIndex">Which operation of the chain, from 0; -1 when the chain as a whole is meant.</param>
/// <param name="Operation">The name of the operation, or an empty string.</param>
/// <param name="Path">The place in the file as a JSON path from its root, e.g. <c>$[1].spec.data['a.b']</c>.</param>
/// <param name="Message">What was found and what was expected.</param>
public sealed record JoltSpecError(string File, int OperationIndex, string Operation, string Path, string Message)
{
    /// <summary><c>file: operation 1 (shift), $[1].spec.data: message</c>.</summary>
    public override string ToString()
    {
        var operation = OperationIndex < 0 ? "" : Operation.Length == 0 ? $"operation {OperationIndex}, " : $"operation {OperationIndex} ({Operation}), ";
        return $"{File}: {operation}{Path}: {Message}";
    }
}
