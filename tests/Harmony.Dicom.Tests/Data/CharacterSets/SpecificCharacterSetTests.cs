using System.Text;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.CharacterSets;

namespace Harmony.Dicom.Tests.Data.CharacterSets;

/// <summary>The examples of PS3.5 annexes H, I, J and K, and what devices make of them. <c>ESC</c> is written as <c>~</c>, other bytes in Latin-1.</summary>
public sealed class SpecificCharacterSetTests
{
    [Theory]
    [InlineData("ISO_IR 100", "Buc^J\u00E9r\u00F4me", "Buc^Jérôme")]
    [InlineData("ISO_IR 101", "W\u00A3odzimierz", "WŁodzimierz")]
    [InlineData("ISO_IR 144", "\u00BB\u00EE\u00DA", "Люк")]
    [InlineData("ISO_IR 127", "\u00E2\u00C8\u00C7\u00E6\u00EA", "قباني")]
    [InlineData("ISO_IR 126", "\u00C4\u00E9\u00EF", "Διο")]
    [InlineData("ISO_IR 138", "\u00F9\u00F8\u00E5\u00EF", "שרון")]
    [InlineData("ISO_IR 148", "\u00DDstanbul", "İstanbul")]
    [InlineData("ISO_IR 203", "\u00A4", "€")]
    [InlineData("ISO_IR 166", "\u00A1\u00A2", "กข")]
    [InlineData("ISO_IR 13", "\u00D4\u00CF\u00C0\u00DE^\u00C0\u00DB\u00B3", "ﾔﾏﾀﾞ^ﾀﾛｳ")]
    [InlineData("\\ISO 2022 IR 87", "Yamada^Tarou=~$B;3ED~(B^~$BB@O:~(B=~$B$d$^$@~(B^~$B$?$m$&~(B", "Yamada^Tarou=山田^太郎=やまだ^たろう")]
    [InlineData("ISO 2022 IR 13\\ISO 2022 IR 87", "\u00D4\u00CF\u00C0\u00DE^\u00C0\u00DB\u00B3=~$B;3ED~(J^~$BB@O:~(J=~$B$d$^$@~(J^~$B$?$m$&~(J",
        "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう")]
    [InlineData("\\ISO 2022 IR 87\\ISO 2022 IR 159", "~$(D0!0\"~(B", "丂丄")]
    [InlineData("\\ISO 2022 IR 87", "~$B!A!B!]!q!r\"L~(B", "〜‖−¢£¬")]
    [InlineData("\\ISO 2022 IR 159", "~$(D\"7\"q~(B", "~№")]
    [InlineData("\\ISO 2022 IR 149", "Hong^Gildong=~$)C\u00FB\u00F3^~$)C\u00D1\u00CE\u00D4\u00D7=~$)C\u00C8\u00AB^~$)C\u00B1\u00E6\u00B5\u00BF",
        "Hong^Gildong=洪^吉洞=홍^길동")]
    [InlineData("\\ISO 2022 IR 58", "Zhang^XiaoDong=~$)A\u00D5\u00C5^~$)A\u00D0\u00A1\u00B6\u00AB=", "Zhang^XiaoDong=张^小东=")]
    [InlineData("ISO 2022 IR 100\\ISO 2022 IR 144", "\u00E9^~-L\u00BB\u00EE", "é^Лю")]
    [InlineData("ISO_IR 100", "\u00E9~$B;3~(B", "é山")] // escapes that nothing announced
    [InlineData("ISO-IR 100", "\u00E9", "é")] // misspelt
    [InlineData("", "\u00E9", "é")]
    [InlineData("ISO_IR 999", "\u00E9", "é")]
    [InlineData("ISO_IR 192", "\u00E9", "\uFFFD")]
    [InlineData("\\ISO 2022 IR 87", "~$B;", "\uFFFD")] // ends within a character
    [InlineData("\\ISO 2022 IR 87", "~", "\uFFFD")]
    public void Decode_TermsAndBytes_AreTheText(string terms, string latin1, string text)
        => Assert.Equal(text, SpecificCharacterSet.Parse(terms.Split('\\')).Decode(Encoding.Latin1.GetBytes(latin1.Replace('~', '\u001B')), Vr.PN));

    [Theory]
    [InlineData("GB18030", "57616E673DCDF55E", "Wang=王^")]
    [InlineData("GB18030", "95328236", "𠀀")]
    [InlineData("GB18030", "A2E3", "€")]
    [InlineData("GBK", "815C5C78", "乗\\x")] // the second byte of a character is no separator
    [InlineData("ISO_IR 192", "E78E8BF0A08080", "王𠀀")]
    public void Decode_MultiByteSets_AreTheText(string term, string hex, string text)
    {
        var decoded = SpecificCharacterSet.Parse([term]).Decode(Convert.FromHexString(hex), Vr.LO);
        Assert.Equal(text, decoded);
    }

    /// <summary>A separator brings the first set back, so kanji of one value do not garble the next.</summary>
    [Fact]
    public void Decode_SeparatorInTwoByteText_SeparatesValues()
    {
        var value = new DicomValue(DicomTag.OtherPatientNames, Vr.PN, "\u001b$B;3ED\u001b(B\\\u001b$BB@O:\u001b(B"u8.ToArray(),
            SpecificCharacterSet.Parse(["", "ISO 2022 IR 87"]));
        Assert.Equal(["山田", "太郎"], value.GetStrings());
    }

    [Theory]
    [InlineData("ISO_IR 192", "王é", true)]
    [InlineData("GB18030", "王é𠀀", true)]
    [InlineData("ISO_IR 100", "é", true)]
    [InlineData("ISO_IR 100", "王", false)]
    [InlineData("", "e", true)]
    [InlineData("", "é", false)]
    public void TryEncode_WhatTheSetHas_ComesBack(string term, string text, bool possible)
    {
        var set = SpecificCharacterSet.Parse([term]);
        Assert.Equal(possible, set.TryEncode(text, out var bytes));
        if (possible) Assert.Equal(text, set.Decode(bytes, Vr.LO));
    }
}
