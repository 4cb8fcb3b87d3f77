namespace Harmony.Dicom.Data;

/// <summary>One way to write a name (PS3.5 §6.2.1): five components, any of which may be empty.</summary>
/// <param name="FamilyName">Family name complex.</param>
/// <param name="GivenName">Given name complex.</param>
/// <param name="MiddleName">Middle name.</param>
/// <param name="Prefix">Name prefix, e.g. <c>Rev.</c></param>
/// <param name="Suffix">Name suffix, e.g. <c>B.A. M.Div.</c></param>
public sealed record PersonNameGroup(string FamilyName, string GivenName = "", string MiddleName = "", string Prefix = "", string Suffix = "")
{
    /// <summary>Reads <c>Family^Given^Middle^Prefix^Suffix</c>; what is missing is empty, a sixth component and more belong to the suffix.</summary>
    public static PersonNameGroup Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('^', 5);
        return new PersonNameGroup(Part(0), Part(1), Part(2), Part(3), Part(4));

        string Part(int index) => index < parts.Length ? parts[index].Trim(' ') : "";
    }

    /// <summary>The components with <c>^</c> between them, without empty ones at the end.</summary>
    public override string ToString() => $"{FamilyName}^{GivenName}^{MiddleName}^{Prefix}^{Suffix}".TrimEnd('^');
}
