using System.Globalization;
using System.Xml;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;

namespace Harmony.Dicom.Xml;

/// <summary>
/// Reads the Native DICOM Model: PS3.19 annex A.1. A missing <c>vr</c> is looked up; elements of other namespaces are passed over. The text of the data sets
/// is in UTF-8. Document types are refused, as they could name files and grow without end.
/// </summary>
public static class NativeXmlReader
{
    private const int MaxDepth = 64;
    private const int MaxElements = 2_000_000;

    /// <summary>Reads one data set.</summary>
    /// <param name="xml">The document.</param>
    /// <exception cref="DicomFormatException">It is no XML, or not in the model; the message says where, and shows no values.</exception>
    public static DicomDataSet Read(ReadOnlyMemory<byte> xml)
    {
        using var stream = new MemoryStream(xml.ToArray(), writable: false);
        using var reader = XmlReader.Create(stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true,
            MaxCharactersInDocument = 1L << 30,
        });
        try
        {
            if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != "NativeDicomModel")
                throw Wrong(reader, "the root is not NativeDicomModel");
            var count = 0;
            return ReadDataSet(reader, new DicomDataSetBuilder(), 0, ref count);
        }
        catch (XmlException e)
        {
            throw new DicomFormatException($"this is no XML: line {e.LineNumber}, character {e.LinePosition}");
        }
    }

    private static DicomDataSet ReadDataSet(XmlReader reader, DicomDataSetBuilder builder, int depth, ref int count)
    {
        if (depth > MaxDepth) throw new DicomLimitException($"sequences are nested more than {MaxDepth} deep", -1);
        var creators = new Dictionary<(ushort Group, string Creator), byte>();
        foreach (var _ in Children(reader))
        {
            if (reader.LocalName != "DicomAttribute") { reader.Skip(); continue; }
            if (++count > MaxElements) throw new DicomLimitException($"there are more than {MaxElements} elements", -1);
            try
            {
                if (ReadElement(reader, builder, creators, depth, ref count) is { } element) builder.Set(element);
            }
            catch (ArgumentException e)
            {
                throw Wrong(reader, e.Message);
            }
        }

        return builder.Build();
    }

    private static DicomElement? ReadElement(
        XmlReader reader, DicomDataSetBuilder builder, Dictionary<(ushort Group, string Creator), byte> creators, int depth, ref int count)
    {
        if (!DicomTag.TryParse(reader.GetAttribute("tag") ?? "", out var tag) && !DicomTag.TryParse(reader.GetAttribute("keyword") ?? "", out tag))
            throw Wrong(reader, "a DicomAttribute has no tag");
        var creator = reader.GetAttribute("privateCreator");
        if (creator is not null && tag.IsPrivate && !tag.IsPrivateCreator) tag = InBlock(builder, creators, tag, creator);
        var vr = VrOf(reader, tag, creator);
        var texts = new SortedDictionary<int, string>();
        var items = new SortedDictionary<int, DicomDataSet>();
        DicomElement? bulk = null;
        foreach (var _ in Children(reader))
        {
            switch (reader.LocalName)
            {
                case "Value": texts[NumberOf(reader, texts.Count)] = reader.ReadElementContentAsString(); break;
                case "PersonName": texts[NumberOf(reader, texts.Count)] = ReadName(reader); break;
                case "Item": items[NumberOf(reader, items.Count)] = ReadDataSet(reader, builder.CreateItem(), depth + 1, ref count); break;
                case "InlineBinary": bulk = new DicomValue(tag, vr, ReadBase64(reader), builder.CharacterSet); break;
                case "BulkData":
                    bulk = new DicomBulkValue(tag, vr, new UriBulkData(reader.GetAttribute("uri") ?? reader.GetAttribute("uuid")
                        ?? throw Wrong(reader, "BulkData has no uri")));
                    reader.Skip();
                    break;
                default: reader.Skip(); break;
            }
        }

        if (tag.IsGroupLength) return null;
        if (bulk is not null) return bulk;
        if (vr == Vr.SQ) return new DicomSequence(tag, [.. items.Values]);
        if (texts.Count == 0) return new DicomValue(tag, vr, ReadOnlyMemory<byte>.Empty, builder.CharacterSet);
        if (vr.IsBulk()) throw Wrong(reader, $"{tag} has values, where {vr} has InlineBinary or BulkData");
        if (tag == DicomTag.SpecificCharacterSet) return new DicomValue(tag, vr, "ISO_IR 192"u8.ToArray(), builder.CharacterSet);
        return new DicomValue(tag, vr, ValueEncoder.Encode(tag, vr, [.. texts.Values], builder.CharacterSet, isStrict: false), builder.CharacterSet);
    }

    /// <summary>Goes through the children that are elements; the reader is behind the end of the parent at the end.</summary>
    private static IEnumerable<bool> Children(XmlReader reader)
    {
        if (reader.IsEmptyElement)
        {
            reader.Read();
            yield break;
        }

        reader.Read();
        while (true)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element: yield return true; break;
                case XmlNodeType.EndElement: reader.Read(); yield break;
                case XmlNodeType.None: yield break;
                default: reader.Read(); break;
            }
        }
    }

    private static Vr VrOf(XmlReader reader, DicomTag tag, string? creator)
    {
        if (reader.GetAttribute("vr") is not { } letters) return DicomDictionary.VrOf(tag, creator, out _);
        return VrExtensions.TryParse(letters, out var vr) ? vr : throw Wrong(reader, "vr is no VR of the standard");
    }

    /// <summary>A private element says its creator, not its block (PS3.19 §A.1.5): the block is the creator's, or the next that is free.</summary>
    private static DicomTag InBlock(DicomDataSetBuilder builder, Dictionary<(ushort Group, string Creator), byte> creators, DicomTag tag, string creator)
    {
        if (!creators.TryGetValue((tag.Group, creator), out var block))
        {
            var there = builder.Build();
            if (there.FindPrivate(tag.Group, creator, 0) is { } known)
            {
                block = (byte)(known.Element >> 8);
            }
            else
            {
                block = 0x10;
                while (there.Contains(new DicomTag(tag.Group, block)) && block < 0xFF) block++;
                builder.SetAs(new DicomTag(tag.Group, block), Vr.LO, creator);
            }

            creators[(tag.Group, creator)] = block;
        }

        return new DicomTag(tag.Group, (ushort)((block << 8) | (tag.Element & 0xFF)));
    }

    private static int NumberOf(XmlReader reader, int before)
        => int.TryParse(reader.GetAttribute("number"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : before + 1;

    private static string ReadName(XmlReader reader)
    {
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var _ in Children(reader))
        {
            var group = reader.LocalName;
            var parts = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var __ in Children(reader))
            {
                var part = reader.LocalName;
                parts[part] = reader.ReadElementContentAsString();
            }

            groups[group] = new PersonNameGroup(Part("FamilyName"), Part("GivenName"), Part("MiddleName"), Part("NamePrefix"), Part("NameSuffix")).ToString();

            string Part(string name) => parts.GetValueOrDefault(name, "");
        }

        return new PersonName(Group("Alphabetic"), Group("Ideographic"), Group("Phonetic")).ToString();

        string Group(string name) => groups.GetValueOrDefault(name, "");
    }

    private static byte[] ReadBase64(XmlReader reader)
    {
        try
        {
            return Convert.FromBase64String(reader.ReadElementContentAsString());
        }
        catch (FormatException)
        {
            throw Wrong(reader, "InlineBinary is no base64");
        }
    }

    private static DicomFormatException Wrong(XmlReader reader, string message)
        => new($"line {(reader as IXmlLineInfo)?.LineNumber ?? 0}: {message}");
}
