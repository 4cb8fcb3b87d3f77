namespace Harmony.Dicom.Data;

/// <summary>A value of VR PN (PS3.5 §6.2.1): the same name in up to three ways of writing.</summary>
/// <param name="Alphabetic">Letters, e.g. <c>Yamada^Tarou</c>; may be empty.</param>
/// <param name="Ideographic">Characters, e.g. <c>山田^太郎</c>; may be empty.</param>
/// <param name="Phonetic">As it is spoken, e.g. <c>やまだ^たろう</c>; may be empty.</param>
public sealed record PersonName(string Alphabetic, string Ideographic = "", string Phonetic = "")
{
    /// <summary>Reads <c>alphabetic=ideographic=phonetic</c>; empty components and groups at an end are left out.</summary>
    public static PersonName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var groups = text.Split('=', 3);
        return new PersonName(Group(0), Group(1), Group(2));

        string Group(int index) => index < groups.Length ? groups[index].Trim(' ').TrimEnd('^') : "";
    }

    /// <summary>The components of the alphabetic group.</summary>
    public PersonNameGroup AlphabeticParts => PersonNameGroup.Parse(Alphabetic);

    /// <summary>The components of the ideographic group.</summary>
    public PersonNameGroup IdeographicParts => PersonNameGroup.Parse(Ideographic);

    /// <summary>The components of the phonetic group.</summary>
    public PersonNameGroup PhoneticParts => PersonNameGroup.Parse(Phonetic);

    /// <summary>Whether all three are empty.</summary>
    public bool IsEmpty => Alphabetic.Length == 0 && Ideographic.Length == 0 && Phonetic.Length == 0;

    /// <summary>The value as it stands in a data set, without empty groups at its end.</summary>
    public override string ToString() => $"{Alphabetic}={Ideographic}={Phonetic}".TrimEnd('=');
}

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
