namespace Harmony.Data.Middleware.Transform;

/// <summary>What a spec made cannot be used: a method that is none, a header with a line break. The message repeats no value of the document.</summary>
internal sealed class TransformException(string message) : Exception(message);
