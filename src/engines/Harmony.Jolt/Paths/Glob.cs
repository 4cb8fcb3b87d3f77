namespace Harmony.Jolt.Paths;

/// <summary>A key with one or more <c>*</c>, each of which stands for at least one character, and for as few as possible.</summary>
/// <remarks>
/// Taking the first place where the next literal fits is right here, because a later <c>*</c> can always take what an earlier one
/// left. So no pattern backtracks.
/// </remarks>
internal sealed class Glob
{
    private readonly string[] _literals;

    /// <summary>A glob of the literals before, between and after its stars.</summary>
    public Glob(IEnumerable<string> literals) => _literals = [.. literals];

    /// <summary>How many <c>*</c> it has.</summary>
    public int Stars => _literals.Length - 1;

    public bool IsMatch(string key) => Locate(key, Stars, out _);

    /// <summary>What the <paramref name="star"/>th <c>*</c> (from 1) stands for in a key that matches; 0 is the whole key.</summary>
    public string Capture(string key, int star)
        => star == 0 ? key : Locate(key, star, out var found) ? key[found] : "";

    private bool Locate(string key, int star, out Range found)
    {
        found = default;
        var end = key.Length - _literals[^1].Length;
        var at = _literals[0].Length;
        if (end <= at || !key.StartsWith(_literals[0], StringComparison.Ordinal) || !key.EndsWith(_literals[^1], StringComparison.Ordinal)) return false;

        for (var i = 1; i < Stars; i++)
        {
            var next = Find(key, _literals[i], at + 1, end - 1);
            if (next < 0) return false;
            if (i == star) found = at..next;
            at = next + _literals[i].Length;
        }

        if (star == Stars) found = at..end;
        return at < end;
    }

    private static int Find(string key, string literal, int from, int to)
        => from > to ? -1 : key.IndexOf(literal, from, to - from, StringComparison.Ordinal);
}
