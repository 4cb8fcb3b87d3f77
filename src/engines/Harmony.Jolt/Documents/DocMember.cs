namespace Harmony.Jolt.Documents;

/// <summary>A key and its value.</summary>
internal readonly record struct DocMember(string Key, DocValue Value);
