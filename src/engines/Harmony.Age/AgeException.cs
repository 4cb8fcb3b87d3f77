namespace Harmony.Age;

/// <summary>A file or key is refused. The message holds the reason and no secret.</summary>
public sealed class AgeException : Exception
{
    /// <summary>Creates an exception without a reason.</summary>
    public AgeException()
    {
    }

    /// <summary>Creates an exception with a reason.</summary>
    /// <param name="message">The reason.</param>
    public AgeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a reason and its cause.</summary>
    /// <param name="message">The reason.</param>
    /// <param name="inner">The cause.</param>
    public AgeException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
