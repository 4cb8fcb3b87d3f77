namespace Harmony.Age;

/// <summary>A file or key is refused. The message says why and holds nothing secret.</summary>
public sealed class AgeException : Exception
{
    /// <summary>Without a reason.</summary>
    public AgeException()
    {
    }

    /// <summary>With a reason.</summary>
    /// <param name="message">Why.</param>
    public AgeException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason and what lies behind it.</summary>
    /// <param name="message">Why.</param>
    /// <param name="inner">The cause.</param>
    public AgeException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
