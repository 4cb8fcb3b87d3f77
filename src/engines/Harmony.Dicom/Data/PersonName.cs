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
