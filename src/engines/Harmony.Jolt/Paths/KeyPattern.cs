namespace Harmony.Jolt.Paths;

/// <summary>A left-hand key of a spec: what it matches, or what it adds to a match.</summary>
internal abstract class KeyPattern
{
    /// <summary>One spelling for all that mean the same; no two keys of one object of a spec may share it.</summary>
    public abstract string Canonical { get; }

    /// <summary>How many <c>*</c> stand among other characters, which references may ask for.</summary>
    public virtual int Groups => 0;

    /// <summary>The references it makes to the walked path.</summary>
    public virtual IEnumerable<Reference> References => [];
}
