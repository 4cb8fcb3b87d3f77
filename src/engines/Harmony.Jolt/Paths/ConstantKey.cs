namespace Harmony.Jolt.Paths;

/// <summary><c>#text</c>: a string of the spec's own as the value.</summary>
internal sealed class ConstantKey(string text) : KeyPattern
{
    public string Text => text;

    public override string Canonical => $"#({text})";
}
