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
