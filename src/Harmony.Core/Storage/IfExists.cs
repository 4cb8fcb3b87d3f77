namespace Harmony.Core.Storage;

/// <summary>What happens to an object whose name is taken. The same bytes once more are never written twice.</summary>
public enum IfExists
{
    /// <summary>Both stay: the new one gets a name of its own, <c>a~2.dcm</c>.</summary>
    Version,

    /// <summary>The old one stays, the new one is dropped.</summary>
    Keep,

    /// <summary>The new one takes the place of the old one.</summary>
    Overwrite,
}
