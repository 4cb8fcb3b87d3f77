namespace Harmony.Jolt.Paths;

/// <summary><c>rating-*-*</c>: matches keys by their literal parts.</summary>
internal sealed class GlobKey(string text, Glob glob) : ComputedKey
{
    private const int MostSpecificStars = 3;

    public override string Canonical => text;

    public override int Groups => glob.Stars;

    public override Glob Glob => glob;

    // More stars come first, as more literal text stands between them: three and more, then two, then one.
    protected override int Precedence => 5 - Math.Min(glob.Stars, MostSpecificStars);

    public override bool IsMatch(string key, Walk walk) => glob.IsMatch(key);

    public override bool MayMatch(string key) => glob.IsMatch(key);
}
