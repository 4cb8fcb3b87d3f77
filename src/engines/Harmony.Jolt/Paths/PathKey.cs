namespace Harmony.Jolt.Paths;

/// <summary>One step of a path whose references are resolved: a key of an object, an index of an array, or the end of an array.</summary>
internal readonly record struct PathKey
{
    private PathKey(string? name, int index)
    {
        Name = name;
        Index = index;
    }

    /// <summary>One more value at the end of an array.</summary>
    public static PathKey Append { get; } = new(null, -1);

    /// <summary>The key, or null when the step goes into an array.</summary>
    public string? Name { get; }

    /// <summary>The index; -1 for <see cref="Append"/>.</summary>
    public int Index { get; }

    public static PathKey Of(string name) => new(name, 0);

    public static PathKey Of(int index) => new(null, index);
}
