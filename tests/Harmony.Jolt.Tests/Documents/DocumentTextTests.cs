using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Execution;

namespace Harmony.Jolt.Tests.Documents;

/// <summary>Documents are read and written by code of our own; <c>System.Text.Json</c> says what is right.</summary>
public class DocumentTextTests
{
    private static readonly JsonReaderOptions OfDocuments = new() { MaxDepth = 8 };
    private static readonly JsonReaderOptions OfSpecs = new() { MaxDepth = 8, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    [Fact]
    public void Read_DamagedText_IsRefusedWhereTheRuntimeRefusesIt()
    {
        var refused = 0;
        for (var seed = 1; seed <= 20_000; seed++)
        {
            var random = new RandomJson(seed);
            var text = random.Damage(random.Document());
            if (!AssertAlike(text, OfDocuments)) refused++;
            AssertAlike(text, OfSpecs);
        }

        Assert.InRange(refused, 1_000, 19_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF1")]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("01")]
    [InlineData("-")]
    [InlineData("-a")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1.5e")]
    [InlineData("1.5e+")]
    [InlineData("1.5E-07")]
    [InlineData("1 2")]
    [InlineData("1/**/")]
    [InlineData("/*a*/[1,/*b*/2]//c")]
    [InlineData("[1//c\r\n]")]
    [InlineData("[1/")]
    [InlineData("[1/*")]
    [InlineData("[1/*/]")]
    [InlineData("tru")]
    [InlineData("truer")]
    [InlineData("nul")]
    [InlineData("False")]
    [InlineData("[")]
    [InlineData("]")]
    [InlineData("[,]")]
    [InlineData("[1,]")]
    [InlineData("[1,,2]")]
    [InlineData("[1 2]")]
    [InlineData("[1}")]
    [InlineData("{")]
    [InlineData("{,}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\"}")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\":1]")]
    [InlineData("\"")]
    [InlineData("\"a")]
    [InlineData("\"\\")]
    [InlineData("\"\\\"")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\ud83d\\ude00 \\/ \\b\\f\\n\\r\\t\"")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"sixteen letters and a tab\t\"")]
    [InlineData("\"sixteen letters and an escape \\\\\"")]
    [InlineData("\"ü und mehr als sechzehn Zeichen €\"")]
    [InlineData("\0")]
    [InlineData("[1\0]")]
    [InlineData("[[[[[[[[1]]]]]]]]")]
    [InlineData("[[[[[[[[[1]]]]]]]]]")]
    [InlineData("{\"\":[{\"\":[{\"\":[{\"\":{}}]}]}]}")]
    public void Read_AtTheEdgesOfTheGrammar_IsAsTheRuntimeReads(string text)
    {
        AssertAlike(text, OfDocuments);
        AssertAlike(text, OfSpecs);
    }

    [Fact]
    public void Write_EveryCharacter_IsAsTheRuntimeWrites()
    {
        for (var c = 0; c <= char.MaxValue; c++) AssertWritten(string.Concat("<", (char)c, ">"));
        AssertWritten("\ud83d\ude00");
        AssertWritten("\ude00\ud83d");
    }

    [Theory]
    [InlineData("ü")]
    [InlineData("\"")]
    [InlineData("\ud83d\ude00")]
    [InlineData("\ud83d")]
    public void Write_CharacterAtEveryPlace_IsAsTheRuntimeWrites(string odd)
    {
        for (var length = 0; length <= 300; length++)
        {
            AssertWritten(new string('a', length));
            AssertWritten(new string('a', length) + odd);
            AssertWritten(odd + new string('a', length));
            AssertWritten(new string('a', length / 2) + odd + new string('a', length - (length / 2)));
        }

        AssertWritten(new string('a', 10_000));
        AssertWritten(string.Concat(Enumerable.Repeat("a" + odd, 5_000)));
    }

    [Fact]
    public void Write_MoreThanTheOutputGivesAtOnce_IsWhole()
    {
        var text = $"{{\"long\":\"{new string('x', 20_000)}\",\"many\":[{string.Join(',', Enumerable.Range(0, 10_000))}],\"last\":{{}}}}";
        Assert.Equal(text, Json.Operation("shift", """{"*":"&"}""").ApplyText(text));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1_000)]
    public void Read_RepeatedKeyAmongMany_LastCounts(int count)
    {
        var members = string.Join(',', Enumerable.Range(0, count).Select(i => $"\"key{i}\":{i}"));
        var repeated = Json.Operation("shift", """{"*":"&"}""").ApplyText("{" + members + $",\"key{count / 2}\":\"again\"}}");
        Assert.Equal("{" + members.Replace($"\"key{count / 2}\":{count / 2}", $"\"key{count / 2}\":\"again\"", StringComparison.Ordinal) + "}", repeated);
    }

    /// <summary>Whether the text was read; both readers must agree, in the value and in the place of an error.</summary>
    private static bool AssertAlike(string text, JsonReaderOptions options)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var expected = Outcome(() => ByRuntime(utf8, options));
        Assert.Equal((text, expected), (text, Outcome(() => Written(DocumentReader.Read(utf8, utf8.Length, new KeyTable(), options)))));
        return !expected.StartsWith("refused", StringComparison.Ordinal);
    }

    private static string Outcome(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (JsonException e)
        {
            return $"refused at {e.LineNumber}:{e.BytePositionInLine}";
        }
    }

    private static string ByRuntime(byte[] utf8, JsonReaderOptions options)
    {
        var json = new Utf8JsonReader(utf8.AsSpan().StartsWith("\uFEFF"u8) ? utf8.AsSpan(3) : utf8, options);
        json.Read();
        var text = ByRuntime(ref json);
        json.Read();
        return text;
    }

    private static string ByRuntime(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.String) return Text(ref json) + " ";
        if (json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) return Encoding.UTF8.GetString(json.ValueSpan) + " ";
        var isObject = json.TokenType == JsonTokenType.StartObject;
        var items = new OrderedDictionary<string, string>();
        while (json.Read() && json.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            var key = isObject ? Text(ref json) : items.Count.ToString(CultureInfo.InvariantCulture);
            if (isObject) json.Read();
            items[key] = ByRuntime(ref json); // of a repeated key the last value, in the place of the first
        }

        return isObject ? $"{{ {string.Concat(items.Select(i => $"{i.Key} {i.Value}"))}}} " : $"[ {string.Concat(items.Values)}] ";
    }

    private static string Text(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new JsonException();
        }
    }

    private static string Written(DocValue value)
    {
        var tokens = new StringBuilder();
        Append(tokens, value);
        return tokens.ToString();
    }

    private static void Append(StringBuilder tokens, DocValue value)
    {
        if (value.AsArray is { } array)
        {
            tokens.Append("[ ");
            foreach (var item in array.Items) Append(tokens, item);
            tokens.Append("] ");
        }
        else if (value.AsObject is { } obj)
        {
            tokens.Append("{ ");
            foreach (var (key, member) in obj.Members)
            {
                tokens.Append(key).Append(' ');
                Append(tokens, member);
            }

            tokens.Append("} ");
        }
        else tokens.Append(DocText.Scalar(value)).Append(' ');
    }

    private static void AssertWritten(string text)
    {
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        var expected = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(expected, options))
        {
            json.WriteStartObject();
            json.WriteString(text, text);
            json.WriteEndObject();
        }

        var actual = new ArrayBufferWriter<byte>();
        var document = DocValue.Of(new DocObject([new DocMember(text, DocValue.String(text))]));
        DocumentText.Write(actual, document, new JoltRun(JoltOptions.Default, new WorkMeter(1_000_000), default));
        if (!actual.WrittenSpan.SequenceEqual(expected.WrittenSpan))
            Assert.Fail($"expected {Encoding.UTF8.GetString(expected.WrittenSpan)}, written {Encoding.UTF8.GetString(actual.WrittenSpan)}");
    }
}
