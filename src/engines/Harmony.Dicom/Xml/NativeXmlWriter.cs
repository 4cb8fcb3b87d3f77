using System.Globalization;
using System.Text;
using System.Xml;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Json;

namespace Harmony.Dicom.Xml;

/// <summary>Writes data sets in the Native DICOM Model: PS3.19 annex A.1. Group lengths are left out.</summary>
public static class NativeXmlWriter
{
    /// <summary>The namespace of the model.</summary>
    public const string Namespace = "http://dicom.nema.org/PS3.19/models/NativeDICOM";

    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };

    /// <summary>A data set as a document in UTF-8.</summary>
    /// <param name="dataSet">What.</param>
    /// <param name="bulkDataUri">Gives the URI to write in place of a blob, or null to write it inline; without it, all is inline.</param>
    /// <exception cref="InvalidOperationException">A value is not in memory and has no URI.</exception>
    public static byte[] ToUtf8(DicomDataSet dataSet, Func<DicomElement, string?>? bulkDataUri = null)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, Settings)) Write(writer, dataSet, bulkDataUri);
        return stream.ToArray();
    }

    /// <summary>Writes a data set as the element <c>NativeDicomModel</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="dataSet">What.</param>
    /// <param name="bulkDataUri">Gives the URI to write in place of a blob, or null to write it inline; without it, all is inline.</param>
    /// <exception cref="InvalidOperationException">A value is not in memory and has no URI.</exception>
    public static void Write(XmlWriter writer, DicomDataSet dataSet, Func<DicomElement, string?>? bulkDataUri = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(dataSet);
        writer.WriteStartElement("NativeDicomModel", Namespace);
        writer.WriteAttributeString("xml", "space", null, "preserve");
        WriteElements(writer, dataSet, bulkDataUri);
        writer.WriteEndElement();
    }

    private static void WriteElements(XmlWriter writer, DicomDataSet dataSet, Func<DicomElement, string?>? bulkDataUri)
    {
        foreach (var element in dataSet)
        {
            if (element.Tag.IsGroupLength) continue;
            writer.WriteStartElement("DicomAttribute", Namespace);
            var creator = dataSet.PrivateCreatorOf(element.Tag);
            // With its creator a private element is known wherever its block is: gggg00ee, PS3.19 §A.1.5.
            writer.WriteAttributeString("tag", (creator is null ? element.Tag : new DicomTag(element.Tag.Value & 0xFFFF00FF)).ToHex());
            writer.WriteAttributeString("vr", element.Vr.ToLetters());
            if (DicomDictionary.Keyword(element.Tag) is { } keyword) writer.WriteAttributeString("keyword", keyword);
            if (creator is not null) writer.WriteAttributeString("privateCreator", Clean(creator));
            if (!element.IsEmpty) WriteValue(writer, element, bulkDataUri);
            writer.WriteEndElement();
        }
    }

    private static void WriteValue(XmlWriter writer, DicomElement element, Func<DicomElement, string?>? bulkDataUri)
    {
        switch (element)
        {
            case DicomSequence sequence:
                for (var i = 0; i < sequence.Items.Count; i++)
                {
                    WriteStart(writer, "Item", i);
                    WriteElements(writer, sequence.Items[i], bulkDataUri);
                    writer.WriteEndElement();
                }

                break;
            case DicomValue { Vr: Vr.PN } names:
                WriteNames(writer, names.GetPersonNames());
                break;
            case DicomValue value when !value.Vr.IsBulk():
                WriteTexts(writer, value.Tag == DicomTag.SpecificCharacterSet ? ["ISO_IR 192"] : value.GetStrings());
                break;
            default:
                WriteBulk(writer, element, bulkDataUri?.Invoke(element) ?? ((element as DicomBulkValue)?.Data as UriBulkData)?.Uri);
                break;
        }
    }

    private static void WriteBulk(XmlWriter writer, DicomElement element, string? uri)
    {
        if (uri is not null)
        {
            writer.WriteStartElement("BulkData", Namespace);
            writer.WriteAttributeString("uri", uri);
        }
        else
        {
            writer.WriteStartElement("InlineBinary", Namespace);
            writer.WriteString(Convert.ToBase64String(InlineBinary.Of(element)));
        }

        writer.WriteEndElement();
    }

    private static void WriteTexts(XmlWriter writer, string[] texts)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            WriteStart(writer, "Value", i);
            WriteText(writer, texts[i]);
            writer.WriteEndElement();
        }
    }

    private static void WriteNames(XmlWriter writer, PersonName[] names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            WriteStart(writer, "PersonName", i);
            WriteGroup(writer, "Alphabetic", names[i].Alphabetic);
            WriteGroup(writer, "Ideographic", names[i].Ideographic);
            WriteGroup(writer, "Phonetic", names[i].Phonetic);
            writer.WriteEndElement();
        }
    }

    private static void WriteGroup(XmlWriter writer, string name, string group)
    {
        if (group.Length == 0) return;
        var parts = PersonNameGroup.Parse(group);
        writer.WriteStartElement(name, Namespace);
        WritePart(writer, "FamilyName", parts.FamilyName);
        WritePart(writer, "GivenName", parts.GivenName);
        WritePart(writer, "MiddleName", parts.MiddleName);
        WritePart(writer, "NamePrefix", parts.Prefix);
        WritePart(writer, "NameSuffix", parts.Suffix);
        writer.WriteEndElement();
    }

    private static void WritePart(XmlWriter writer, string name, string text)
    {
        if (text.Length == 0) return;
        writer.WriteStartElement(name, Namespace);
        WriteText(writer, text);
        writer.WriteEndElement();
    }

    private static void WriteStart(XmlWriter writer, string name, int index)
    {
        writer.WriteStartElement(name, Namespace);
        writer.WriteAttributeString("number", (index + 1).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A carriage return is a reference: readers of XML make a line feed of one that is not.</summary>
    private static void WriteText(XmlWriter writer, string text)
    {
        var clean = Clean(text);
        for (var start = 0; start <= clean.Length;)
        {
            var end = clean.IndexOf('\r', start);
            writer.WriteString(end < 0 ? clean[start..] : clean[start..end]);
            if (end < 0) return;
            writer.WriteCharEntity('\r');
            start = end + 1;
        }
    }

    /// <summary>XML cannot hold most control characters, however they are written.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune is { Value: >= 0x20 and not (0xFFFE or 0xFFFF) } || rune.Value is '\t' or '\n' or '\r' ? rune.ToString() : "\uFFFD");
        }

        return clean.ToString();
    }
}
