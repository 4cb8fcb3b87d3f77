using Harmony.Dicom.Data;
using Harmony.Dicom.Query;
using Harmony.Dicom.Web.Requests;

namespace Harmony.Dicom.Tests.Web;

public sealed class SearchQueryReaderTests
{
    private static readonly WebResource Studies = new(WebService.Search, QueryLevel.Study);

    [Theory]
    [InlineData("00080020", "-20210115")]
    [InlineData("StudyDate", "20210115-")]
    [InlineData("00080020", "20210101-20210115")]
    public void Ranges_stay_ranges(string name, string value) => Assert.Equal(value, Read((name, value)).Keys.GetString(DicomTag.StudyDate));

    [Theory]
    [InlineData("1.2\\1.3")]
    [InlineData("1.2,1.3")]
    public void A_list_of_UIDs_is_a_union(string value)
        => Assert.Equal(["1.2", "1.3"], Read(("StudyInstanceUID", value)).Keys.GetStrings(DicomTag.StudyInstanceUID));

    [Fact]
    public void A_parameter_without_a_value_matches_everything()
    {
        var query = Read(("PatientID", ""), ("limit", "25"), ("offset", "50"));

        Assert.True(query.Keys.TryGet(DicomTag.PatientID, out var key) && key.IsEmpty);
        Assert.Equal((25, 50), (query.Limit, query.Offset));
    }

    [Theory]
    [InlineData("all")]
    [InlineData("StudyDescription,00081030,all")]
    public void All_may_be_included(string value) => Assert.True(Read(("includefield", value)).IncludesAll);

    [Fact]
    public void Included_attributes_do_not_take_the_place_of_keys()
    {
        var query = Read(("PatientID", "P-1"), ("includefield", "00100020,PatientSex"), ("includefield", "NoSuchThing"));

        Assert.Equal("P-1", query.Keys.GetString(DicomTag.PatientID));
        Assert.Equal([DicomTag.PatientID, DicomTag.PatientSex], query.Included);
        Assert.Contains("NoSuchThing", Assert.Single(query.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_modality_of_a_study_is_that_of_one_of_its_series()
        => Assert.Equal("CT", Read(("Modality", "CT")).Keys.GetString(DicomTag.ModalitiesInStudy));

    [Fact]
    public void The_path_goes_over_the_query()
    {
        var query = Read(new WebResource(WebService.Search, QueryLevel.Series) { Study = "1.2" }, ("StudyInstanceUID", "9.9"), ("Modality", "MR"));

        Assert.Equal("1.2", query.Keys.GetString(DicomTag.StudyInstanceUID));
        Assert.Equal("MR", query.Keys.GetString(DicomTag.Modality));
    }

    [Fact]
    public void An_attribute_within_a_sequence_is_a_key_of_its_item()
    {
        var query = Read(new WebResource(WebService.Search, QueryLevel.Series), ("RequestAttributesSequence.RequestedProcedureID", "RP-1"),
            ("00400275.00400009", "S-1"));

        var item = Assert.Single(query.Keys.GetItems(DicomTag.RequestAttributesSequence));
        Assert.Equal("RP-1", item.GetString(DicomTag.RequestedProcedureID));
        Assert.Equal("S-1", item.GetString(DicomTag.ScheduledProcedureStepID));
    }

    [Theory]
    [InlineData("fuzzymatching", "true")]
    [InlineData("_", "1700000000")]
    [InlineData("orderby", "StudyDate")]
    public void Optional_parameters_that_are_not_known_are_warnings(string name, string value) => Assert.Single(Read((name, value)).Warnings);

    [Theory]
    [InlineData("PatinetID", "P-1", "keyword")] // would find everybody
    [InlineData("0010002G", "x", null)]
    [InlineData("StudyInstanceUID", "abc", "UID")]
    [InlineData("StudyDate", "yesterday", "date")]
    [InlineData("limit", "-1", "whole number")]
    [InlineData("offset", "x", "whole number")]
    [InlineData("PixelData", "x", "binary")]
    [InlineData("ProcedureCodeSequence", "x", "sequence")]
    [InlineData("PatientName", "a\nb", "control")]
    [InlineData("SeriesInstanceUID", "1.2", "/series")]
    [InlineData("InstanceNumber", "1", "/instances")]
    public void What_would_find_something_else_is_refused(string name, string value, string? words)
    {
        if (words is null) { Assert.Single(Read((name, value)).Warnings); return; }
        Assert.Contains(words, Assert.Throws<SearchQueryException>(() => Read((name, value))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_are_bounded()
        => Assert.Throws<SearchQueryException>(
            () => Read(("StudyInstanceUID", string.Join(',', Enumerable.Range(0, SearchQueryReader.MaxListed + 1).Select(i => $"1.{i}")))));

    private static SearchQuery Read(params (string Name, string Value)[] parameters) => Read(Studies, parameters);

    private static SearchQuery Read(WebResource resource, params (string Name, string Value)[] parameters)
        => SearchQueryReader.Read(parameters.GroupBy(p => p.Name).ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g.Select(p => p.Value)]), resource);
}
