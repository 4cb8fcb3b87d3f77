using System.Globalization;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Tests.Configuration.Toml;

public class TomlDateTests
{
    [Theory]
    [InlineData("1979-05-27T07:32:00Z", "1979-05-27T07:32:00+00:00")]
    [InlineData("1979-05-27t07:32:00z", "1979-05-27T07:32:00+00:00")]
    [InlineData("1979-05-27 07:32:00-07:00", "1979-05-27T07:32:00-07:00")]
    [InlineData("1979-05-27T00:32:00.5+13:30", "1979-05-27T00:32:00.5+13:30")]
    [InlineData("1979-05-27T07:32:00-00:00", "1979-05-27T07:32:00+00:00")]
    [InlineData("2024-01-01T20:00:00+23:59", "2023-12-31T20:01:00+00:00")]
    public void OffsetDateTime_AnyNotation_IsRead(string toml, string expected)
    {
        var value = Assert.IsType<TomlOffsetDateTime>(TomlText.Value("v = " + toml)).Value;
        Assert.True(value.EqualsExact(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture)), $"{value:O}");
    }

    [Fact]
    public void LocalDateTime_WithFraction_IsRead()
    {
        var value = Assert.IsType<TomlLocalDateTime>(TomlText.Value("v = 1979-05-27 00:32:00.999999")).Value;
        Assert.Equal(new DateTime(1979, 5, 27, 0, 32, 0, DateTimeKind.Unspecified).AddMicroseconds(999999), value);
        Assert.Equal(DateTimeKind.Unspecified, value.Kind);
    }

    [Fact]
    public void LocalDate_LeapDay_IsRead() =>
        Assert.Equal(new DateOnly(2000, 2, 29), Assert.IsType<TomlLocalDate>(TomlText.Value("v = 2000-02-29 # a comment")).Value);

    [Theory]
    [InlineData("07:32:00", 0)]
    [InlineData("07:32:00.1", 1000000)]
    [InlineData("07:32:00.12345678999", 1234567)]
    public void LocalTime_Fraction_IsCutOffNotRounded(string toml, long ticks) =>
        Assert.Equal(new TimeOnly(7, 32).Ticks + ticks, Assert.IsType<TomlLocalTime>(TomlText.Value("v = " + toml)).Value.Ticks);

    [Fact]
    public void Date_BeforeASpaceAndNoTime_EndsThere() =>
        Assert.Equal(2, Assert.IsType<TomlArray>(TomlText.Value("v = [ 1979-05-27 , 1979-05-27 07:32:00 ]")).Count);

    [Theory]
    [InlineData("2023-02-29", "'2023-02-29' does not exist: the day is 29, expected 01 to 28")]
    [InlineData("2023-04-31T00:00:00Z", "'2023-04-31T00:00:00Z' does not exist: the day is 31, expected 01 to 30")]
    [InlineData("2023-13-01", "'2023-13-01' does not exist: the month is 13, expected 01 to 12")]
    [InlineData("2023-00-01", "'2023-00-01' does not exist: the month is 00, expected 01 to 12")]
    [InlineData("2023-01-01 24:00:00", "'2023-01-01 24:00:00' does not exist: the hour is 24, expected 00 to 23")]
    [InlineData("23:59:60", "'23:59:60' does not exist: the second is 60, expected 00 to 59")]
    [InlineData("0000-01-01", "'0000-01-01' is out of range: years run from 0001 to 9999")]
    [InlineData("2023-01-01T00:00:00+24:00", "'2023-01-01T00:00:00+24:00' is out of range: offsets run to 23:59 and years from 0001 to 9999")]
    [InlineData("0001-01-01T00:00:00+01:00", "'0001-01-01T00:00:00+01:00' is out of range: offsets run to 23:59 and years from 0001 to 9999")]
    [InlineData("17:45", "'17:45' is not a time: expected hh:mm:ss; strings need quotes: \"17:45\"")]
    [InlineData("7:45:00", "'7:45:00' is not a time: expected hh:mm:ss; strings need quotes: \"7:45:00\"")]
    [InlineData("8080:80", "'8080:80' is not a time: expected hh:mm:ss; strings need quotes: \"8080:80\"")]
    public void Date_ThatDoesNotExist_IsRefusedWithTheReason(string toml, string message) => Assert.Equal("1,5: " + message, TomlText.Error("v = " + toml));

    [Theory]
    [InlineData("1979-5-27")]
    [InlineData("19790-05-27")]
    [InlineData("1979-05-27T")]
    [InlineData("1979-05-27T07:32")]
    [InlineData("1979-05-27T07:32:00.Z")]
    [InlineData("1979-05-27T07:32:00+0700")]
    [InlineData("1979-05-27T07:32:00+7:00")]
    [InlineData("1979-05-2707:32:00")]
    [InlineData("1979-05-27  07:32:00")]
    [InlineData("1979-05-27_07:32:00")]
    [InlineData("07:32:00Z")]
    [InlineData("07:32:00.")]
    public void Date_OfTheWrongForm_IsRefused(string toml) => Assert.Single(TomlText.Errors("v = " + toml));
}
