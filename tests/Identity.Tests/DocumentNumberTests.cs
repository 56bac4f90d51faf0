namespace ExamPlatform.Identities.Tests;

public class DocumentNumberTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    private static (DocumentReading? Reading, string Codes) Read(DocumentType type, string number)
    {
        var faults = new Faults();
        var reading = DocumentNumber.Read(type, number, "documentNumber", Today, faults);
        return (reading, string.Join(' ', faults.All.Select(f => f.Code)));
    }

    [Theory]
    [InlineData(DocumentType.ResidentId, "11010519491231002X")]
    [InlineData(DocumentType.ResidentId, "440524188001010014")]
    [InlineData(DocumentType.ResidentId, " 11010519491231002x ")]
    [InlineData(DocumentType.ResidentId, "１１０１０５１９４９１２３１００２Ｘ")]
    [InlineData(DocumentType.HkMacaoTaiwanResidencePermit, "810000199003070015")]
    [InlineData(DocumentType.HkMacaoTaiwanResidencePermit, "820000199003070017")]
    [InlineData(DocumentType.HkMacaoTaiwanResidencePermit, "830000199003070019")]
    [InlineData(DocumentType.HkMacaoTravelPermit, "H12345678")]
    [InlineData(DocumentType.HkMacaoTravelPermit, "m1234567801")]
    [InlineData(DocumentType.TaiwanTravelPermit, "12345678")]
    [InlineData(DocumentType.TaiwanTravelPermit, "1234567890(B)")]
    [InlineData(DocumentType.ForeignPermanentResidentCard, "911424199001010016")]
    [InlineData(DocumentType.ForeignPermanentResidentCard, "USA110090010116")]
    [InlineData(DocumentType.Passport, "E12345678")]
    [InlineData(DocumentType.Passport, "ed1234567")]
    [InlineData(DocumentType.MilitaryId, "南字第12345678号")]
    [InlineData(DocumentType.MilitaryId, "空字第123abc")]
    public void A_right_number_is_read(DocumentType type, string number) => Assert.Equal("", Read(type, number).Codes);

    [Theory]
    [InlineData(DocumentType.ResidentId, "", "required")]
    [InlineData(DocumentType.ResidentId, "110105194912310021", "document-number-check-digit")]
    [InlineData(DocumentType.ResidentId, "11010519491321002X", "document-number-format")]
    [InlineData(DocumentType.ResidentId, "110105490231002", "document-number-format")]
    [InlineData(DocumentType.ResidentId, "910105194912310021", "document-number-format")]
    [InlineData(DocumentType.ResidentId, "11010519490231002X", "document-number-birth-date document-number-check-digit")]
    [InlineData(DocumentType.ResidentId, "110105202612310026", "document-number-birth-date document-number-check-digit")]
    [InlineData(DocumentType.ResidentId, "810000199003070015", "document-number-format")]
    [InlineData(DocumentType.ResidentId, "11010519491231002X\n1", "document-number-format")]
    [InlineData(DocumentType.ResidentId, "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "document-number-format")]
    [InlineData(DocumentType.HkMacaoTaiwanResidencePermit, "810000199003070016", "document-number-check-digit")]
    [InlineData(DocumentType.HkMacaoTaiwanResidencePermit, "840000199003070015", "document-number-format")]
    [InlineData(DocumentType.HkMacaoTaiwanResidencePermit, "11010519491231002X", "document-number-format")]
    [InlineData(DocumentType.HkMacaoTravelPermit, "K12345678", "document-number-format")]
    [InlineData(DocumentType.HkMacaoTravelPermit, "H1234567", "document-number-format")]
    [InlineData(DocumentType.HkMacaoTravelPermit, "H123456789", "document-number-format")]
    [InlineData(DocumentType.TaiwanTravelPermit, "1234567", "document-number-format")]
    [InlineData(DocumentType.TaiwanTravelPermit, "1234567890", "document-number-format")]
    [InlineData(DocumentType.ForeignPermanentResidentCard, "911424199001010017", "document-number-check-digit")]
    [InlineData(DocumentType.ForeignPermanentResidentCard, "811424199001010016", "document-number-format")]
    [InlineData(DocumentType.ForeignPermanentResidentCard, "US1110090010116", "document-number-format")]
    [InlineData(DocumentType.Passport, "E123", "document-number-format")]
    [InlineData(DocumentType.Passport, "E1234-5678", "document-number-format")]
    [InlineData(DocumentType.Passport, "E12345678901234567", "document-number-format")]
    [InlineData(DocumentType.MilitaryId, "南第12345678号", "document-number-format")]
    [InlineData(DocumentType.MilitaryId, "南字第123号", "document-number-format")]
    [InlineData(DocumentType.MilitaryId, "X字第12345678号", "document-number-format")]
    public void A_wrong_number_is_refused_with_its_reason(DocumentType type, string number, string codes) => Assert.Equal(codes, Read(type, number).Codes);

    [Theory]
    [InlineData("11010519491231002X", Sex.Female, 1949, 12, 31)]
    [InlineData("440524188001010014", Sex.Male, 1880, 1, 1)]
    public void A_resident_id_says_sex_birth_date_and_nationality(string number, Sex sex, int year, int month, int day)
    {
        var reading = Read(DocumentType.ResidentId, number).Reading!;

        Assert.Equal((sex, new DateOnly(year, month, day), "CHN"), (reading.Sex!.Value, reading.BirthDate!.Value, reading.Nationality));
    }

    [Fact]
    public void Every_single_wrong_digit_of_a_resident_id_is_found()
    {
        const string right = "11010519491231002X";

        var unnoticed = from at in Enumerable.Range(0, 17)
                        from digit in "0123456789"
                        where digit != right[at]
                        let typo = right[..at] + digit + right[(at + 1)..]
                        where Read(DocumentType.ResidentId, typo).Codes.Length == 0
                        select typo;

        Assert.Empty(unnoticed);
    }

    [Theory]
    [InlineData(DocumentType.HkMacaoTravelPermit, "H12345678", "H1234567802")]
    [InlineData(DocumentType.MilitaryId, "南字第12345678号", "南字第12345678")]
    public void Reissues_and_ways_of_writing_have_one_key(DocumentType type, string one, string other) =>
        Assert.Equal(Read(type, one).Reading!.Key, Read(type, other).Reading!.Key);

    [Theory]
    [InlineData("11010519491231002X", "****002X")]
    [InlineData("H12345678", "****678")]
    [InlineData("12345678", "****78")]
    [InlineData("AB", "****")]
    public void Namesakes_are_told_apart_by_the_last_four_and_never_by_more_than_a_third(string number, string end) => Assert.Equal(end, DocumentNumber.End(number));

    [Fact]
    public void Every_document_type_has_a_form()
    {
        var examples = Enum.GetValues<DocumentType>().Select(type => { var faults = new Faults(); DocumentNumber.Read(type, "?", "x", Today, faults); return faults.All[0].Detail; });

        Assert.All(examples, detail => Assert.DoesNotContain("looks like ;", detail, StringComparison.Ordinal));
    }
}
