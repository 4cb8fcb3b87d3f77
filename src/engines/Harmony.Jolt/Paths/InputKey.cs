namespace Harmony.Jolt.Paths;

/// <summary><c>@</c>: the value of the parent itself.</summary>
internal sealed class InputKey : KeyPattern
{
    public override string Canonical => "@";
}
