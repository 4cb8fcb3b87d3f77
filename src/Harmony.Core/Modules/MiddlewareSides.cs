namespace Harmony.Core.Modules;

/// <summary>On which way a step runs: <c>apply = "left"</c>.</summary>
[Flags]
public enum MiddlewareSides
{
    /// <summary>On requests, before the backend.</summary>
    Left = 1,

    /// <summary>On answers, after the backend.</summary>
    Right = 2,

    /// <summary>On both.</summary>
    Both = Left | Right,
}
