namespace Harmony.Jolt.Paths;

/// <summary>One step of a path as a spec writes it.</summary>
internal abstract class PathPart
{
    /// <summary>Whether the step goes into an array.</summary>
    public virtual bool IsArray => false;

    /// <summary>The references it makes to the walked path, to be checked when the spec is compiled.</summary>
    public virtual IEnumerable<Reference> References => [];

    /// <summary>The step without its references; false when one of them leads nowhere, and then the whole path does.</summary>
    public abstract bool TryResolve(Walk walk, out PathKey key);
}
